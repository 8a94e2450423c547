"""A folder of an IMAP server, seen through calls that block: each belongs into a thread."""

from collections.abc import Sequence
from typing import cast
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted, MailMessageFlags

TIMEOUT_SECONDS = 30.0
KINDS = {"imap": (MailBoxUnencrypted, 143), "imaps": (MailBox, 993)}


class Mailbox:
    """`url`: `imaps://user:password@host:port/folder`. What was taken is moved to the folder
    `done`, or marked as seen where none is named.

    No number of the server's outlives a connection: what is not marked waits, and a Message-ID
    says which mail it is. A server that numbers its messages anew changes nothing.
    """

    def __init__(self, url: str, done: str | None = None) -> None:
        self._server = urlsplit(url)
        self._folder = unquote(self._server.path.strip("/")) or "INBOX"
        self._done = done

    def open(self) -> BaseMailBox:
        """Raises OSError, imaplib's and imap_tools' errors; so do all of these."""
        server = self._server
        kind, port = KINDS[server.scheme]
        box = kind(server.hostname or "", server.port or port, timeout=TIMEOUT_SECONDS)
        user, password = unquote(server.username or ""), unquote(server.password or "")
        box.login(user, password, initial_folder=self._folder)
        return box

    def waiting(self, box: BaseMailBox) -> Sequence[str]:
        """The messages that nobody has taken, oldest first."""
        return box.uids("ALL" if self._done else "UNSEEN")

    def raw(self, box: BaseMailBox, uid: str) -> bytes | None:
        """A message as it is, unmarked and unparsed; None when somebody else took it."""
        _, parts = box.client.uid("FETCH", uid, "(BODY.PEEK[])")
        found = [cast("tuple[bytes, bytes]", part) for part in parts if isinstance(part, tuple)]
        return found[0][1] if found else None

    def taken(self, box: BaseMailBox, uid: str) -> None:
        if self._done is None:
            box.flag(uid, MailMessageFlags.SEEN, True)
            return
        if not box.folder.exists(self._done):
            box.folder.create(self._done)
        box.move(uid, self._done)
