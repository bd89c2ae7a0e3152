"""Throughput on this machine, each figure beside what it is measured against."""
