"""What a vendor says of a product once, for all who use it: a draft, published versions, and what others took over from them."""
