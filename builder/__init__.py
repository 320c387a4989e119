"""明账 Mingzhang: public documents → dataset → package and site."""

import signal
import sys

# `python -m builder` loads libraries for a second before it can say anything; Ctrl-C just ends it until then.
if sys.argv[:1] == ["-m"]:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
