// SPDX-License-Identifier: MIT
/*
 * How the page looks, on a light and on a dark screen and on paper.
 */
#include <report/page.h>

const char fng_page_style[] =
":root{color-scheme:light dark;--back:#f6f7f9;--card:#fff;--text:#1c2330;"
"--faint:#667085;--line:#e3e7ee;--denied:#d92d20;--would:#dc8a04;"
"--observed:#2f6fdb;--fine:#12805c;--shade:#f0f3f8}\n"
"@media(prefers-color-scheme:dark){:root{--back:#10141b;--card:#181e28;"
"--text:#e5e9f0;--faint:#96a1b3;--line:#2a3341;--denied:#ff6b5e;"
"--would:#f0b13c;--observed:#6aa1ff;--fine:#46c796;--shade:#1f2733}}\n"
"*{box-sizing:border-box}\n"
"body{margin:0;background:var(--back);color:var(--text);"
"font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"DejaVu Sans\",sans-serif}\n"
"main{max-width:1200px;margin:0 auto;padding:32px 24px 64px}\n"
"h1{font-size:26px;margin:0 0 4px}\n"
"h2{font-size:19px;margin:40px 0 12px}\n"
"h3{font-size:15px;margin:20px 0 8px}\n"
"p{margin:4px 0 12px}\n"
"a{color:inherit;text-decoration-color:var(--faint)}\n"
".faint{color:var(--faint)}\n"
".card{background:var(--card);border:1px solid var(--line);border-radius:10px;"
"padding:18px 20px;margin:0 0 18px;overflow-x:auto}\n"
".numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));"
"gap:14px;margin:22px 0}\n"
".numbers div{background:var(--card);border:1px solid var(--line);"
"border-radius:10px;padding:14px 18px}\n"
".numbers b{display:block;font-size:24px;line-height:1.25;"
"font-variant-numeric:tabular-nums}\n"
".warning{border-left:4px solid var(--would)}\n"
"table{border-collapse:collapse;width:100%;font-size:13.5px}\n"
"th{text-align:left;font-weight:600;color:var(--faint);white-space:nowrap;"
"border-bottom:1px solid var(--line);padding:4px 14px 6px 0}\n"
"td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);"
"vertical-align:top}\n"
"tr:last-child td{border-bottom:0}\n"
"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;"
"white-space:nowrap}\n"
"td.t{white-space:nowrap;color:var(--faint);"
"font-variant-numeric:tabular-nums}\n"
"td.v{white-space:nowrap}\n"
"code{font:12.5px/1.5 ui-monospace,\"Cascadia Mono\",Menlo,\"DejaVu Sans Mono\","
"monospace;overflow-wrap:anywhere;unicode-bidi:isolate}\n"
".badge{display:inline-block;border-radius:999px;padding:0 9px;font-size:12px;"
"font-weight:600;border:1px solid currentColor;white-space:nowrap}\n"
".denied{color:var(--denied)}.would{color:var(--would)}"
".observed{color:var(--observed)}.fine{color:var(--fine)}\n"
".zero{color:var(--faint);font-weight:400}\n"
"svg{display:block}svg text{fill:var(--faint);font-size:11px}\n"
"svg .denied{fill:var(--denied)}svg .would{fill:var(--would)}"
"svg .observed{fill:var(--observed)}svg .axis{stroke:var(--line)}\n"
".legend span{margin-right:16px;font-size:13px}"
".legend span::before{content:\"\";display:inline-block;width:10px;height:10px;"
"border-radius:2px;background:currentColor;margin-right:6px}\n"
"summary{cursor:pointer;font-weight:600;font-size:15px;margin:14px 0 6px}\n"
"@media print{main{max-width:none}.card{break-inside:avoid-page}}\n";

const char *const fng_page_verdicts[] = { "refused", "would be refused",
					  "allowed" };
const char *const fng_page_classes[] = { "denied", "would", "observed" };
