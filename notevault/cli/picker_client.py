"""Asks the picker's process, for fzf: ``python -IS picker_client.py find QUERY`` or ``preview NOTE``.

Run as a script at every key, so it imports nothing but what it needs and nothing of this package.
"""

import os
import socket
import sys


def main() -> None:
    """Send the request that the arguments name, print the answer."""
    port, secret = os.environ["NOTEVAULT_PICKER_AT"].split(":")
    request = "\0".join([secret, *sys.argv[1:3], ""]).encode("utf-8", "surrogateescape")
    with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while data := connection.recv(65_536):
            sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
