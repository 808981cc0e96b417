"""The list of customers: chips that read as a sentence, saved lists, bulk acts; and the search for everything."""
