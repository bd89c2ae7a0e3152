"""The shape of what people at the desk type, checked before any action sees it."""
