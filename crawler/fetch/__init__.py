"""The only room with a socket, a sleep or chance in it. No HTML, no SQL."""
