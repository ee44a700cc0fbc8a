/** The look of every page: one calm column, the system's own type, both colour schemes, contrasts of WCAG 2.2 AA. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f5f6f8; --card: #ffffff; --ink: #1b2430; --soft: #505c6b; --line: #d5dae1; --edge: #7b8694;
  --accent: #1d4f91; --on-accent: #ffffff; --warm: #8a2c14; --warm-paper: #fdf0ec; --calm-paper: #eaf1fb; --good: #1c6331; --good-paper: #e9f5ec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161c; --card: #1c222b; --ink: #e8ecf1; --soft: #a9b4c1; --line: #343d49; --edge: #7f8b99;
    --accent: #8fbaf3; --on-accent: #0d1b2d; --warm: #ffb4a0; --warm-paper: #35211c; --calm-paper: #1d2b3f; --good: #93d6a5; --good-paper: #1b3022;
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.6 system-ui, sans-serif; background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 44rem; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
header { color: var(--soft); font-weight: 600; }
header p { margin: 0 0 1rem; }
footer { margin-top: 1.5rem; }
header { display: flex; gap: 1rem; justify-content: space-between; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 0; padding: 0; }
body > nav { margin: .25rem 0 1.25rem; }
header a, body > nav a { display: inline-block; min-height: 1.5rem; }
nav li[aria-current] { font-weight: 600; }
article, .card, .summary { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.5rem; }
.card, .summary { margin-top: 1rem; }
.summary { border-left: .4rem solid var(--accent); }
.summary.bad { background: var(--warm-paper); border-left-color: var(--warm); }
.summary.good { background: var(--good-paper); border-left-color: var(--good); }
.summary h2 { font-size: 1.35rem; }
.summary .small { margin-top: 1rem; }
.summary .small span { display: inline-block; margin-right: 1rem; }
.look { background: var(--calm-paper); border: 1px solid var(--line); border-left: .4rem solid var(--accent); border-radius: .75rem; margin: 0 0 1rem; padding: 1.25rem 1.5rem; }
.look.asks { background: var(--warm-paper); border-left-color: var(--warm); }
.look > :last-child { margin-bottom: 0; }
pre { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; font-size: .8rem; max-height: 32rem; overflow: auto; padding: .75rem; }
.offline { border-top: 1px solid var(--line); color: var(--soft); padding-top: .5rem; }
article.asked { background: none; border: 0; border-radius: 0; border-top: 1px solid var(--line); margin: 1rem 0 0; padding: 1rem 0 0; }
article.asked h3 { font-size: 1.1rem; margin: 0 0 .25rem; }
article.asked dl { margin: 0; }
form.again { align-items: center; display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .75rem 0 0; }
form.again .problem { flex-basis: 100%; }
button[disabled] { cursor: progress; opacity: .75; }
details summary { color: var(--accent); cursor: pointer; font-size: .9rem; min-height: 1.5rem; }
.unseen { clip-path: inset(50%); height: 1px; margin: 0; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
article > :last-child, .card > :last-child, .summary > :last-child, article > section > :last-child { margin-bottom: 0; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 .5rem; }
article h2 { margin-top: 1.75rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .5rem 0; }
ul { margin: .25rem 0; padding-left: 1.25rem; }
ul.rows { list-style: none; padding: 0; }
ul.rows li { border-top: 1px solid var(--line); padding: .6rem 0; }
ul.rows li p { margin: .1rem 0; }
.site { font-weight: 600; }
article > .site { font-size: 1.15rem; margin-top: 0; }
.why { font-size: 1.1rem; }
.small { color: var(--soft); font-size: .9rem; }
.state { background: var(--calm-paper); border-left: .3rem solid var(--accent); border-radius: .4rem; margin-top: 1.25rem; padding: .75rem 1rem; }
.state.refused, .problem { background: var(--warm-paper); border-left-color: var(--warm); }
.problem { border-left: .3rem solid var(--warm); border-radius: .4rem; color: var(--warm); font-weight: 600; padding: .5rem .75rem; }
.badge { background: var(--calm-paper); border-radius: 1rem; color: var(--accent); display: inline-block; font-size: .85rem; font-weight: 600; padding: 0 .65rem; }
.badge.granted { background: var(--good-paper); color: var(--good); }
.badge.refused { background: var(--warm-paper); color: var(--warm); }
label { display: block; font-weight: 600; margin: .75rem 0 .25rem; }
textarea, select, input[type=text] { background: var(--card); border: 1px solid var(--edge); border-radius: .4rem; color: inherit; font: inherit; padding: .6rem .75rem; width: 100%; }
textarea { min-height: 6rem; resize: vertical; }
.rows p + p { margin-top: .35rem; }
button, .button { background: var(--accent); border: 0; border-radius: .4rem; color: var(--on-accent); cursor: pointer; display: inline-block; font: inherit; font-weight: 600; margin: .5rem 0; min-height: 2.75rem; padding: .6rem 1.25rem; text-decoration: none; }
button.quiet { background: none; border: 1px solid var(--edge); color: var(--accent); }
a { color: var(--accent); }
a.button { color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
dl { margin: .5rem 0; }
dl div { padding: .35rem 0; }
dt { color: var(--soft); font-size: .9rem; }
dd { margin: 0; }
dl.rule { border-top: 1px solid var(--line); font-size: .9rem; margin-top: 1rem; padding-top: .5rem; }
dl.rule div { padding: .1rem 0; }
@media (min-width: 36rem) {
  body { padding-top: 3rem; }
  article, .card, .summary { padding: 2rem; }
  article.asked dl div { grid-template-columns: 9rem 1fr; }
  dl div { display: grid; column-gap: 1rem; grid-template-columns: 14rem 1fr; }
  dl.rule div { grid-template-columns: 5rem 1fr; }
  dl.rule dt { font-size: inherit; }
  dd { grid-column: 2; }
  dt { font-size: 1rem; }
}
@media (forced-colors: active) { .badge, .state, .problem { border: 1px solid; } }
`;
