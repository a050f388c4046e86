export const id = 922;
export const ids = [922];
export const modules = {

/***/ 922:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   fetchLogTails: () => (/* binding */ fetchLogTails)
/* harmony export */ });
/* unused harmony export extractStepLog */
/* harmony import */ var _base_log_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(771);
/* harmony import */ var _base_truncate_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(35);
/* harmony import */ var _http_error_body_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(223);
/* harmony import */ var _http_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(729);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(452);





const MAX_LOG_BYTES = 16 * 1024 * 1024;
const MAX_JOBS_WITH_LOGS = 5;
const MAX_LOGS_CHARS = 30_000;
const MAX_LINE_CHARS = 1000;
const MARKER_PREFIXES = new Map([
    ['group', ''],
    ['section', ''],
    ['error', 'Error: '],
    ['warning', 'Warning: '],
    ['notice', 'Notice: '],
    ['command', '$ '],
]);
async function fetchLogTails(client, repository, jobs, { logLines, warn }) {
    const completed = jobs.filter((job) => job.isCompleted && job.steps.length);
    warnAboutRunningJobs(jobs, warn);
    if (completed.length > MAX_JOBS_WITH_LOGS)
        warn(`log_lines: ${completed.length} jobs failed, and only the logs of the first ${MAX_JOBS_WITH_LOGS} were read.`);
    const tails = await Promise.all(completed.slice(0, MAX_JOBS_WITH_LOGS).map(async (job) => {
        try {
            const text = await downloadLog(client, `/repos/${repository}/actions/jobs/${job.id}/logs`);
            return job.steps.map((step) => ({
                jobName: job.name,
                stepName: step.name,
                text: extractStepLog(text, step, logLines),
            }));
        }
        catch (error) {
            const reason = (0,_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .explainGitHubError */ .P)(error, 'actions: read');
            warn(`log_lines: could not read the log of job ${(0,_base_truncate_js__WEBPACK_IMPORTED_MODULE_3__/* .quoteShort */ .pf)(job.name)}. ${reason}`);
            return [];
        }
    }));
    const found = tails.flat().filter(({ text }) => text);
    const maxChars = Math.floor(MAX_LOGS_CHARS / Math.max(1, found.length));
    return found.map((tail) => ({ ...tail, text: (0,_base_truncate_js__WEBPACK_IMPORTED_MODULE_3__/* .truncateStart */ .fl)(tail.text, maxChars) }));
}
function warnAboutRunningJobs(jobs, warn) {
    const running = jobs.filter((job) => !job.isCompleted);
    const [first] = running;
    if (!first)
        return;
    const others = running.length > 1 ? ` and ${running.length - 1} more are` : ' is';
    warn(`log_lines: job ${(0,_base_truncate_js__WEBPACK_IMPORTED_MODULE_3__/* .quoteShort */ .pf)(first.name)}${others} still running, so the log isn't available yet. Report from a later job (\`needs:\`).`);
}
async function downloadLog(client, path) {
    const { clock, deadlineMs, fetch, headers, url, redactor } = client;
    const signal = clock.timeoutSignal(Math.max(1, deadlineMs - clock.now()));
    const response = await fetch(url + path, { headers, redirect: 'manual', signal, size: MAX_LOG_BYTES });
    const location = response.headers.get('location');
    const log = location ? await fetch(new URL(location, url).href, { signal, size: MAX_LOG_BYTES }) : response;
    const text = await log.text();
    if (!log.ok)
        throw new _http_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .HttpError */ .j$({
            request: `GET ${path}`,
            status: log.status,
            details: (0,_http_error_body_js__WEBPACK_IMPORTED_MODULE_4__/* .parseErrorBody */ .k)(text, redactor),
            retryAfterMs: undefined,
            host: new URL(url).host,
            source: client.source,
            areCredentialsProven: client.session.hasSucceeded,
        });
    return redactor.redact((0,_base_log_text_js__WEBPACK_IMPORTED_MODULE_0__/* .stripControlCharacters */ .OH)(text));
}
function extractStepLog(log, step, maxLines) {
    const ranDuringStep = (timeMs) => !(timeMs < step.startedAtMs) && !(timeMs >= step.completedAtMs + 1000);
    const stepLines = [];
    let isInStep = Number.isNaN(step.startedAtMs);
    for (const line of log.split(/\r?\n/)) {
        const [, time, text] = /^\ufeff?(\d{4}-\d\d-\d\dT[\d:.]+Z) ?(.*)$/s.exec(line) ?? [];
        if (time)
            isInStep = ranDuringStep(Date.parse(time));
        if (isInStep)
            stepLines.push(text ?? line);
    }
    const lastError = stepLines.findLastIndex((line) => line.startsWith('##[error]'));
    const relevant = lastError < 0 ? stepLines : stepLines.slice(0, lastError + 1);
    return relevant.flatMap(formatLogLine).slice(-maxLines).join('\n').trim();
}
function formatLogLine(line) {
    const [, marker = '', text = ''] = /^##\[(\w+)\](.*)$/s.exec(line) ?? [];
    if (marker === 'endgroup' || marker === 'debug')
        return [];
    const prefix = MARKER_PREFIXES.get(marker);
    return [(0,_base_truncate_js__WEBPACK_IMPORTED_MODULE_3__/* .truncate */ .xv)(prefix === undefined ? line : prefix + text, MAX_LINE_CHARS)];
}


/***/ })

};
