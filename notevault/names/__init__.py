"""Names: a mention of a customer to the customer, a line about a person to the person.

Only an exact key decides; likeness proposes and a person decides. ``key`` makes keys, ``values`` are the values,
``resolver`` knows the registered customers; nothing is imported with the package, since search needs the keys alone.
"""
