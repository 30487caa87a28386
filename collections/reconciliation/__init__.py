"""Three books agree, or every difference has a name: the bank's, the salesperson's, the customer's.

Each folder is an app of its own and knows those before it alone: `bank` (what the bank says), `matching` (which
payment a bank line is), `books` (sales book against finance book), `closing` (months that are closed), `statements`
(what we say to the customer, and the answer), `comparison` (the customer's list against ours), `rounds` (that all of
it happens regularly).
"""
