export const id = 722;
export const ids = [722];
export const modules = {

/***/ 722:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readWorkspaceFile: () => (/* binding */ readWorkspaceFile)
/* harmony export */ });
/* unused harmony export isInside */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(24);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(760);
/* harmony import */ var _base_truncate_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(35);
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});




const MAX_DESCRIPTION_FILE_BYTES = 1024 * 1024;
const READ_WITHOUT_WAITING = node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_RDONLY | (node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_NONBLOCK ?? 0);
const MAX_READ_MS = 2000;
async function readWorkspaceFile(root, path) {
    const timeout = AbortSignal.timeout(MAX_READ_MS);
    const expired = new Promise((_, reject) => {
        timeout.addEventListener('abort', () => reject(new Error(`could not be read within ${MAX_READ_MS / 1000} s`)));
    });
    try {
        return await Promise.race([readFile(root, path), expired]);
    }
    catch (cause) {
        throw new Error(`File ${(0,_base_truncate_js__WEBPACK_IMPORTED_MODULE_3__/* .quoteShort */ .pf)(path)} ${describeCause(cause)}.`, { cause });
    }
}
function isInside(folder, path, { relative, isAbsolute, sep } = node_path__WEBPACK_IMPORTED_MODULE_2__) {
    const relativePath = relative(folder, path);
    return relativePath !== '..' && !relativePath.startsWith(`..${sep}`) && !isAbsolute(relativePath);
}
async function readFile(root, path) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const file = __addDisposableResource(env_1, await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.open)(await resolveInside(root, path), READ_WITHOUT_WAITING), true);
        await checkFile(file);
        return await file.readFile('utf8');
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
async function resolveInside(root, path) {
    const rootPath = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(root);
    const realPath = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(node_path__WEBPACK_IMPORTED_MODULE_2__.resolve(rootPath, path));
    if (!isInside(rootPath, realPath))
        throw new Error('is outside the workspace');
    return realPath;
}
async function checkFile(file) {
    const stats = await file.stat();
    if (!stats.isFile())
        throw new Error('is not a regular file');
    if (stats.size > MAX_DESCRIPTION_FILE_BYTES)
        throw new Error(`is too large (${stats.size} bytes; at most ${MAX_DESCRIPTION_FILE_BYTES})`);
}
function describeCause(cause) {
    if (!(cause instanceof Error))
        return `could not be read (${String(cause)})`;
    if (!('code' in cause) || !cause.code)
        return cause.message;
    return cause.code === 'ENOENT' ? 'was not found in the workspace' : `could not be read (${cause.code})`;
}


/***/ })

};
