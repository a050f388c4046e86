export const id = 593;
export const ids = [593];
export const modules = {

/***/ 593:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   describeJsonProblem: () => (/* binding */ describeJsonProblem)
/* harmony export */ });
/* harmony import */ var jsonc_parser__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(547);

const EXCERPT_CHARS = 20;
const USE_TO_JSON = 'If it comes from an expression, use toJSON() there, or write lines of "key: value" instead.';
function describeJsonProblem(text) {
    const offset = findError(text);
    return `is not valid JSON at ${describeLocation(text, offset)}. ${suggestFix(text, offset)}`;
}
function findError(text) {
    const errors = [];
    try {
        (0,jsonc_parser__WEBPACK_IMPORTED_MODULE_0__.parse)(text, errors, { disallowComments: true });
    }
    catch {
    }
    return errors[0]?.offset ?? text.length;
}
function describeLocation(text, offset) {
    const preceding = text.slice(0, offset).split('\n');
    const column = (preceding.at(-1)?.length ?? 0) + 1;
    const before = text.slice(Math.max(0, offset - EXCERPT_CHARS), offset);
    const excerpt = `${before}⟨here⟩${text.slice(offset, offset + EXCERPT_CHARS)}`;
    return `line ${preceding.length}, column ${column}, near ${excerpt.replace(/\s+/g, ' ').trim()}`;
}
function suggestFix(text, offset) {
    const before = text.slice(0, offset).trimEnd();
    const after = text.slice(offset);
    if (!after)
        return 'It ends too early: a closing } or ] is missing.';
    if (/^[}\]]/.test(after) && before.endsWith(','))
        return `Remove the comma before ${after[0]}.`;
    if (/^[},\]]/.test(after) && before.endsWith(':'))
        return 'A value is missing: an expression may have returned nothing. Use toJSON() in the expression.';
    if (/^['‘’“”]/.test(after))
        return 'Use double quotes (") around keys and strings.';
    if (/^(?:\/\/|\/\*|#)/.test(after))
        return 'Remove the comment: JSON has none.';
    if (after.startsWith('"'))
        return describeStringProblem(before, after);
    if (before.endsWith('"') && /^[^\s,:{}[\]]/.test(after))
        return `A quote inside a string must be written as \\". ${USE_TO_JSON}`;
    if (/^[\p{L}_]/u.test(after))
        return 'Put keys and strings in double quotes (").';
    return USE_TO_JSON;
}
function describeStringProblem(before, after) {
    if (/["}\]\w]$/.test(before))
        return 'A comma or a colon is missing before it.';
    const [content = ''] = /^(?:[^"\\\n]|\\.)*/.exec(after.slice(1)) ?? [];
    const end = after[content.length + 1];
    if (end === '\n')
        return `A line break inside a string must be written as \\n. ${USE_TO_JSON}`;
    if (end === undefined)
        return 'The closing quote of this string is missing.';
    return `A backslash inside a string must be written as \\\\. ${USE_TO_JSON}`;
}


/***/ })

};
