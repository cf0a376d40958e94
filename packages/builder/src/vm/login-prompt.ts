/** What getty prints on the console: the host name and "login:", at the start of a line. */
export const LOGIN_PROMPT = /^[\w.-]+ login:/;
