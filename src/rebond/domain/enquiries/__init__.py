"""Questions of people who name no return: from the contact form of the portal, or of the shop.

Owns enquiries and what is said in them. A person at the desk answers, or makes a return of one.
Records `enquiry.received`, `enquiry.answered`, `enquiry.closed` and `enquiry.turned`.
"""
