export const id = 515;
export const ids = [515];
export const modules = {

/***/ 515:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   upsertCaseComment: () => (/* binding */ upsertCaseComment)
/* harmony export */ });
/* harmony import */ var _actions_github__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(677);

const PAGE_SIZE = 100;
const PAGE_CONCURRENCY = 5;
const MAX_ATTEMPTS = 3;
const MAX_DELAY_MS = 5000;
async function upsertCaseComment(client, token, context, pullRequestNumber, comment) {
    const octokit = createOctokit(client, token);
    const repository = splitRepository(context.repository);
    for (let attempt = 1;; attempt += 1) {
        try {
            const number = pullRequestNumber ?? (await findPullRequest(octokit, repository, context.sha));
            if (!number)
                return { kind: 'no-pull-request' };
            const id = await writeComment(octokit, repository, number, comment);
            if (!id)
                return { kind: 'nothing-to-update' };
            return { kind: 'written', url: `${context.repositoryUrl}/pull/${number}#issuecomment-${id}` };
        }
        catch (error) {
            const delayMs = attempt < MAX_ATTEMPTS ? commentRetryDelayMs(error, attempt, client) : undefined;
            if (delayMs === undefined || client.clock.now() + delayMs >= client.deadlineMs)
                throw error;
            await client.clock.sleep(delayMs);
        }
    }
}
function createOctokit(client, token) {
    const { clock, deadlineMs, url, fetch, redactor } = client;
    const ignore = () => undefined;
    return (0,_actions_github__WEBPACK_IMPORTED_MODULE_0__/* .getOctokit */ .Q)(token, {
        baseUrl: url,
        log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
        request: {
            fetch: (address, init) => fetch(address, {
                ...init,
                ...(typeof init.body === 'string' && { body: redactor.redact(init.body) }),
                signal: clock.timeoutSignal(Math.max(1, deadlineMs - clock.now())),
            }),
        },
    });
}
function commentRetryDelayMs(error, attempt, { random }) {
    const { status, response } = (error ?? {});
    const retryAfterMs = Number(response?.headers?.['retry-after']) * 1000;
    const isRateLimited = (status === 403 || status === 429) && (retryAfterMs >= 0 || /rate limit/i.test(String(error)));
    if (!isRateLimited && !(status !== undefined && status >= 500))
        return undefined;
    const delayMs = retryAfterMs >= 0 ? retryAfterMs : (1 + random()) * 500 * 2 ** (attempt - 1);
    return delayMs <= MAX_DELAY_MS ? delayMs : undefined;
}
async function findPullRequest(octokit, repository, sha) {
    if (!sha)
        return undefined;
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
        ...repository,
        commit_sha: sha,
    });
    if (!Array.isArray(data))
        throw new Error('GitHub answered with something that is no list of pull requests.');
    return (data.find(({ state }) => state === 'open') ?? data[0])?.number;
}
async function writeComment(octokit, repository, pullRequestNumber, { caseId, isFailure, render }) {
    const existing = await findOwnComment(octokit, repository, pullRequestNumber, caseId);
    if (!existing && !isFailure)
        return undefined;
    const failureCount = (existing?.failureCount ?? 0) + (isFailure ? 1 : 0);
    const body = `<!-- datadog-case ${toMarkerId(caseId)} seen ${failureCount} -->\n${render(failureCount)}`;
    const { data } = existing
        ? await octokit.rest.issues.updateComment({ ...repository, comment_id: existing.id, body })
        : await octokit.rest.issues.createComment({ ...repository, issue_number: pullRequestNumber, body });
    if (typeof data.id !== 'number')
        throw new Error('GitHub answered with something that is no comment.');
    return data.id;
}
async function findOwnComment(octokit, repository, pullRequestNumber, caseId) {
    const marker = new RegExp(`^<!-- datadog-case ${toMarkerId(caseId)} seen ([0-9]{1,9}) -->`);
    const fetchPage = (page) => octokit.rest.issues.listComments({
        ...repository,
        issue_number: pullRequestNumber,
        per_page: PAGE_SIZE,
        page,
    });
    const firstPage = await fetchPage(1);
    if (!Array.isArray(firstPage.data))
        throw new Error('GitHub answered with something that is no list of comments.');
    const lastPage = Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(firstPage.headers.link ?? '')?.[1] ?? 1);
    const pageNumbers = Array.from({ length: lastPage - 1 }, (_, index) => lastPage - index);
    for (let start = 0; start <= pageNumbers.length; start += PAGE_CONCURRENCY) {
        const pages = await Promise.all(pageNumbers.slice(start, start + PAGE_CONCURRENCY).map(fetchPage));
        if (start + PAGE_CONCURRENCY > pageNumbers.length)
            pages.push(firstPage);
        for (const comment of pages.flatMap(({ data }) => data)) {
            const failureCount = marker.exec(comment.body ?? '')?.[1];
            if (failureCount && (await isAuthoredByToken(octokit, comment.node_id)))
                return { id: comment.id, failureCount: Number(failureCount) };
        }
    }
    return undefined;
}
function toMarkerId(id) {
    return id.replace(/\W+/g, '-');
}
async function isAuthoredByToken(octokit, nodeId) {
    const query = 'query($id: ID!) { node(id: $id) { ... on IssueComment { viewerDidAuthor } } }';
    const { node } = await octokit.graphql(query, {
        id: nodeId,
    });
    return node?.viewerDidAuthor === true;
}
function splitRepository(repository) {
    const [owner = '', repo = ''] = repository.split('/');
    return { owner, repo };
}


/***/ })

};
