"""The portal's pages, in the order in which a shopper meets them."""
