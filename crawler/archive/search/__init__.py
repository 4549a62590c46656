"""Full text, in Chinese: the index, queries, and the plugin for sqlite-utils."""
