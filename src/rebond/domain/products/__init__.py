"""What is sold, as far as a return needs to know it: category, returnable or not, weight.

Tables: Product. Says nothing by itself.
"""
