"""A person downloads the document and uploads it to the platform by hand."""

from rebond.domain.credit_notes.ports import NotTaken, Outgoing, platforms


@platforms.add
class Download:
    """The document waits on its page until somebody says that it is handed over."""

    key = "download"
    title = "Download and upload by hand"
    is_manual = True

    def send(self, document: Outgoing) -> str:
        """Nothing leaves by itself: raises ``NotTaken``."""
        raise NotTaken(f"{document.label} waits for somebody to upload it")
