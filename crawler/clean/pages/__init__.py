"""Pages as WeChat serves them, read: bytes in, `Page` out."""
