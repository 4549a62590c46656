"""What other tools wrote -> `Adopted`: a table of producers, and how the files of each are read."""

from crawler.clean.exports.moments import local_form
from crawler.clean.exports.read import identify, read_export
from crawler.clean.exports.records import Adopted, Document, Form, Link

__all__ = ["Adopted", "Document", "Form", "Link", "identify", "local_form", "read_export"]
