"""Everything that writes an article, its links and its place in the queue."""
