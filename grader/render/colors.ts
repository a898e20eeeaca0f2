/** The colors of all pages, for light and dark. They only emphasize what a text beside them says. */
export const colors = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1b1b1f, #e9e9ee);
  --paper: light-dark(#ffffff, #17171b);
  --faint: light-dark(#4d4d58, #b9b9c6);
  --line: light-dark(#8a8a96, #7d7d8a);
  --accent: light-dark(#1a4fa0, #9dbcf5);
  --right: light-dark(#0b6b34, #7fd6a0);
  --wrong: light-dark(#a3161b, #ff9c94);
  --soft: light-dark(#e6f4ea, #17301f);
}
`;
