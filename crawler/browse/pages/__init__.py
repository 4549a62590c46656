"""Our pages, one module each.

Whoever adds one writes its module, its template in `templates/archive/`, the Chinese of its words
in `words`, and its line here.
"""

from crawler.browse.pages.account import ACCOUNT_PAGE
from crawler.browse.pages.article import ARTICLE_PAGE
from crawler.browse.pages.articles import ARTICLES_PAGE
from crawler.browse.pages.capture import CAPTURE_PAGE
from crawler.browse.pages.deaths import DEATHS_PAGE
from crawler.browse.pages.front import FRONT_PAGE
from crawler.browse.pages.markdown import MARKDOWN_PAGE
from crawler.browse.pages.own import OWN_PAGE
from crawler.browse.pages.picture import PICTURE_PAGE
from crawler.browse.pages.revisions import REVISIONS_PAGE
from crawler.browse.pages.states import STATES_PAGE

PAGES = (
    FRONT_PAGE,
    ARTICLES_PAGE,
    ARTICLE_PAGE,
    ACCOUNT_PAGE,
    REVISIONS_PAGE,
    MARKDOWN_PAGE,
    DEATHS_PAGE,
    STATES_PAGE,
    OWN_PAGE,
    PICTURE_PAGE,
    CAPTURE_PAGE,
)
