"""One module a command, loaded when the command is asked for."""

from __future__ import annotations

COMMANDS = {
    "audit": "Check the archive, and say what is wrong with which row.",
    "backup": "Copy the archive while others use it, and check the copy as a database.",
    "capture": "Show what a browser needs to bring the article that it shows into the archive.",
    "cite": "Print references to articles, with archive date and hash.",
    "clean-parquet": "Clean pages in Parquet files into records, on many cores or a Dask cluster.",
    "config": "Print the settings in force, and where they come from.",
    "doctor": "Say if this machine can fetch, search and keep pictures, and which extras it has.",
    "export": "Write one Markdown file for each article, as seeds are laid out.",
    "fetch": "Fetch articles politely, clean them, and keep them in the archive.",
    "forget": "Take articles out for good, with all that hangs on them.",
    "history": "Show each body that an article ever had, each look at it, and what recovery found.",
    "images": "Fetch the pictures of one article, or of all, the newest first.",
    "index": "Check the full-text index, or build it anew.",
    "init": "Write a config.toml with every setting, and make an empty archive.",
    "list": "List articles: date, state, account, title, and the id that other commands take.",
    "mcp": "Answer programs that ask by the Model Context Protocol, over stdin and stdout.",
    "merge": "Bring all that other archives hold into this one, in whatever order.",
    "promo": "Show what an account repeats at the edges of its articles.",
    "queue": "List, add, drop and retry what waits to be fetched.",
    "reclean": "Clean seed files, or folders of them, into the archive.",
    "recover": "Bring back articles that have no text, with proof.",
    "restore": "Put a backup in the place of the archive, which is kept beside it.",
    "search": "Find articles by their words, best first.",
    "serve": "Browse the archive in Datasette, read-only.",
    "show": "Print one article: front matter and Markdown.",
    "status": "Say what the archive holds: articles by state, queue, accounts, pace.",
    "watch": "Look again at articles: what was edited, what is gone, what came back.",
}
"""Each command with its line of `crawler --help`, which need not load it."""
