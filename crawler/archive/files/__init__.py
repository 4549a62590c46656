"""Files beside the database: pictures, WARC, and how a file is written whole."""
