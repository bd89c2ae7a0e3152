"""What the portal's templates say beside the words that all pages share."""
