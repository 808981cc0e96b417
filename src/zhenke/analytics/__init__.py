"""Questions written once over facts, and the engines that answer them."""
