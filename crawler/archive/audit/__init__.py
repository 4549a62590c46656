"""What can be wrong with an archive, and what puts it right."""
