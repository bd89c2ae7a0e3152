"""The look that portal and back office share: tokens, components, icons, base pages."""
