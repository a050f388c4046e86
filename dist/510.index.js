export const id = 510;
export const ids = [510];
export const modules = {

/***/ 510:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   tell: () => (/* binding */ tell)
/* harmony export */ });
/* harmony import */ var _actions_github__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(677);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(804);
/* harmony import */ var _context_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(120);



const PAGE = 100;
/** Pages that are asked for at once. */
const ABREAST = 5;
const ATTEMPTS = 3;
const LONGEST_PAUSE = 5000;
/**
 * Tells the pull request about the case: one comment for one case, written the first time and updated after that.
 * Gives the comment's address, or why there is none. Throws octokit's errors. A failure that may pass is tried
 * again from the beginning, so that a comment whose answer was lost is found and not doubled.
 */
async function tell(service, token, news) {
    const octokit = connect(service, token);
    for (let attempt = 1;; attempt += 1) {
        try {
            const pull = news.pull ?? (await pullOf(octokit, news.about));
            if (!pull)
                return 'no pull request';
            const id = await upsert(octokit, pull, news);
            return id ? { url: `${news.about.home}/pull/${pull}#issuecomment-${id}`, pull } : 'no comment';
        }
        catch (error) {
            const pause = attempt < ATTEMPTS ? pauseAfter(error, attempt, service) : undefined;
            if (pause === undefined || service.clock.now() + pause >= service.deadline)
                throw error;
            await service.clock.sleep(pause);
        }
    }
}
function connect(service, token) {
    const { clock, deadline, patience, url, fetch } = service;
    const quiet = () => undefined;
    return (0,_actions_github__WEBPACK_IMPORTED_MODULE_2__/* .getOctokit */ .Q)(token, {
        baseUrl: url,
        log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
        request: {
            // Its own fetch would bring undici along, and know neither our proxy nor our deadline.
            fetch: (address, init) => fetch(address, {
                ...init,
                signal: clock.expiry(Math.max(1, Math.min(patience, deadline - clock.now()))),
            }),
        },
    });
}
/** Milliseconds to wait after a failure that may pass: a fault of the server, or a rate limit. Source: GitHub's documentation. */
function pauseAfter(error, attempt, { clock }) {
    const { status, response } = (error ?? {});
    const asked = Number(response?.headers?.['retry-after']) * 1000;
    const limited = (status === 403 || status === 429) && (asked >= 0 || /rate limit/i.test(String(error)));
    if (!limited && !(status !== undefined && status >= 500))
        return undefined;
    const pause = asked >= 0 ? asked : (1 + clock.random()) * 500 * 2 ** (attempt - 1);
    return pause <= LONGEST_PAUSE ? pause : undefined;
}
/** The pull request that brought the commit: an open one rather than one that is not. */
async function pullOf(octokit, { repository, sha }) {
    if (!sha)
        return undefined;
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
        ...named(repository),
        commit_sha: sha,
    });
    if (!Array.isArray(data))
        throw new Error('GitHub answered with something that is no list of pull requests.');
    return (data.find(({ state }) => state === 'open') ?? data[0])?.number;
}
/** Writes or updates the comment and gives its id; nothing where there is none to update and none is to be written. */
async function upsert(octokit, pull, news) {
    const repo = named(news.about.repository);
    const found = await own(octokit, repo, pull, news.known.id);
    if (!found && !news.failed)
        return undefined;
    const seen = (found?.seen ?? 0) + (news.failed ? 1 : 0);
    const body = bodyOf(news, seen);
    const { data } = found
        ? await octokit.rest.issues.updateComment({ ...repo, comment_id: found.id, body })
        : await octokit.rest.issues.createComment({ ...repo, issue_number: pull, body });
    if (typeof data.id !== 'number')
        throw new Error('GitHub answered with something that is no comment.');
    return data.id;
}
/** The comment of this case that this token itself wrote; anyone can copy the marker. */
async function own(octokit, repo, pull, caseId) {
    const marker = new RegExp(`^<!-- datadog-case ${wordOf(caseId)} seen ([0-9]{1,9}) -->`);
    const page = (number) => octokit.rest.issues.listComments({ ...repo, issue_number: pull, per_page: PAGE, page: number });
    const first = await page(1);
    if (!Array.isArray(first.data))
        throw new Error('GitHub answered with something that is no list of comments.');
    const last = Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(first.headers.link ?? '')?.[1] ?? 1);
    // The newest pages first, a few at a time: that is where the comment is, most often.
    const rest = Array.from({ length: last - 1 }, (_, at) => last - at);
    for (let at = 0; at <= rest.length; at += ABREAST) {
        const pages = await Promise.all(rest.slice(at, at + ABREAST).map(page));
        if (at + ABREAST > rest.length)
            pages.push(first);
        for (const comment of pages.flatMap(({ data }) => data)) {
            const seen = marker.exec(comment.body ?? '')?.[1];
            if (seen && (await isOwn(octokit, comment.node_id)))
                return { id: comment.id, seen: Number(seen) };
        }
    }
    return undefined;
}
/** An id that can do nothing in a comment of HTML, nor in a pattern. */
function wordOf(id) {
    return id.replace(/\W+/g, '-');
}
/** GitHub alone can say who wrote a comment for whom: an app's token has no user to compare with. */
async function isOwn(octokit, nodeId) {
    const query = 'query($id: ID!) { node(id: $id) { ... on IssueComment { viewerDidAuthor } } }';
    const { node } = await octokit.graphql(query, {
        id: nodeId,
    });
    return node?.viewerDidAuthor === true;
}
function bodyOf({ about, known, url }, seen) {
    const cells = [
        ['Status', (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .code */ .aY)(known.status)],
        ['Priority', known.priority === 'NOT_DEFINED' ? '' : (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .code */ .aY)(known.priority)],
        ['Latest run', (0,_context_js__WEBPACK_IMPORTED_MODULE_1__/* .runLink */ .ut)(about)],
        ['Failed', `${seen} ${seen === 1 ? 'time' : 'times'}`],
    ];
    const told = cells.filter(([, text]) => text);
    return [
        `<!-- datadog-case ${wordOf(known.id)} seen ${seen} -->`,
        `**Datadog case ${(0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .link */ .nf)(known.name, url)}**: ${(0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .code */ .aY)(known.title, 500)}`,
        '',
        (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .tableRow */ .jD)(told.map(([name]) => name)),
        (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .tableRow */ .jD)(told.map(() => '---')),
        (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .tableRow */ .jD)(told.map(([, text]) => text)),
    ].join('\n');
}
function named(repository) {
    const [owner = '', repo = ''] = repository.split('/');
    return { owner, repo };
}


/***/ })

};
