"""Static files as they are served: compressed, and named by their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class StaticFiles(CompressedManifestStaticFilesStorage):
    """As whitenoise has it, but blind to source maps, which we do not ship."""

    patterns = tuple(
        (ending, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for ending, rules in CompressedManifestStaticFilesStorage.patterns
    )
