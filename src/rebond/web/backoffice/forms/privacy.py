"""Forms about personal data."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DataRequestForm(forms.Form):
    """A request that reached the shop outside its portal."""

    email = forms.EmailField(label=_("E-mail address of the person"))
    kind = forms.ChoiceField(
        label=_("What they ask for"),
        choices=[("copy", _("A copy of their data")), ("erase", _("To have their data erased"))],
    )
    note = forms.CharField(label=_("How it came, and how you know that it is them"), max_length=500)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, field in self.fields.items():
            css = "form-select" if name == "kind" else "form-control"
            field.widget.attrs["class"] = css
            if self.is_bound and name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"
                field.widget.attrs["aria-describedby"] = f"id_{name}_error"
