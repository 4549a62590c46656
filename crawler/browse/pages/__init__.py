"""Our pages, one module each.

Whoever adds one writes its module, its template in `templates/archive/`, and its line here.
"""

from crawler.browse.pages.article import ARTICLE_PAGE
from crawler.browse.pages.articles import ARTICLES_PAGE
from crawler.browse.pages.front import FRONT_PAGE
from crawler.browse.pages.picture import PICTURE_PAGE

PAGES = (FRONT_PAGE, ARTICLES_PAGE, ARTICLE_PAGE, PICTURE_PAGE)
