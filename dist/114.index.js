export const id = 114;
export const ids = [114];
export const modules = {

/***/ 114:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createAgentFinder: () => (/* binding */ createAgentFinder),
  findProxy: () => (/* binding */ findProxy)
});

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(67);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(708);
// EXTERNAL MODULE: ./lib/base/loopback.js
var loopback = __webpack_require__(364);
// EXTERNAL MODULE: ./lib/http/errors.js
var errors = __webpack_require__(729);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(30);
;// CONCATENATED MODULE: ./lib/http/proxy-agent.js




class HttpsProxyAgent extends external_node_https_.Agent {
    proxy;
    constructor(proxy) {
        super({ keepAlive: true });
        this.proxy = proxy;
    }
    createConnection(options, callback) {
        openTunnel(this.proxy, toTarget(options), (error, tunnel) => {
            if (error)
                return callback?.(error, tunnel);
            const socket = super.createConnection({ ...options, socket: tunnel });
            callback?.(null, socket);
        });
    }
}
class HttpProxyAgent extends external_node_http_.Agent {
    proxy;
    constructor(proxy) {
        super({ keepAlive: true });
        this.proxy = proxy;
    }
    createConnection(options, callback) {
        openTunnel(this.proxy, toTarget(options), (error, tunnel) => callback?.(error, tunnel));
    }
}
function toTarget({ host, port }) {
    return `${(0,external_node_net_.isIPv6)(host ?? '') ? `[${host}]` : host}:${port}`;
}
function openTunnel(proxy, target, callback) {
    const request = sendConnect(proxy, target);
    const fail = (error, socket) => {
        socket?.destroy();
        callback(error, socket);
    };
    request.once('connect', ({ statusCode = 0 }, socket, head) => {
        if (statusCode < 200 || statusCode > 299)
            return fail(toRefusal(proxy, target, statusCode), socket);
        if (head.length)
            socket.unshift(head);
        callback(null, socket);
    });
    request.once('error', (cause) => {
        const code = (0,errors/* errorCode */.CA)(cause);
        const message = `could not connect to ${proxy.label} (${code})`;
        fail(new errors/* ProxyError */.T6(message, { code, cause }));
    });
    request.end();
}
function sendConnect({ isSecure, hostname, port, authorization }, target) {
    return (isSecure ? external_node_https_ : external_node_http_).request({
        method: 'CONNECT',
        host: hostname,
        port,
        path: target,
        agent: false,
        setHost: false,
        headers: { Host: target, ...(authorization && { 'Proxy-Authorization': authorization }) },
        ...(isSecure && !(0,external_node_net_.isIP)(hostname) && { servername: hostname }),
    });
}
function toRefusal({ label, authorization }, target, status) {
    const code = `PROXY_${status}`;
    if (status !== 407)
        return new errors/* ProxyError */.T6(`${label} refused to connect to ${target} (${status})`, { code });
    const problem = authorization ? 'rejected the credentials' : 'requires credentials';
    return new errors/* ProxyError */.T6(`${label} ${problem} (407)`, { code });
}

;// CONCATENATED MODULE: ./lib/http/proxy.js





const PROXY_URL = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:(.*)@)?([^/?#@]+)\/?$/is;
function createAgentFinder(env) {
    const agents = new Map();
    return (url) => {
        const isHttps = url.protocol === 'https:';
        const proxy = findProxy(url, env);
        if (!proxy)
            return isHttps ? external_node_https_.globalAgent : external_node_http_.globalAgent;
        const agent = agents.get(url.protocol) ?? (isHttps ? new HttpsProxyAgent(proxy) : new HttpProxyAgent(proxy));
        agents.set(url.protocol, agent);
        return agent;
    };
}
function findProxy(url, env) {
    if ((0,loopback/* isLoopback */.U)(url.hostname) || isBypassed(url, env))
        return undefined;
    const names = [url.protocol === 'https:' ? 'https_proxy' : 'http_proxy', 'all_proxy'];
    const name = names
        .flatMap((lower) => [lower, lower.toUpperCase()])
        .find((candidate) => env[candidate]?.trim());
    return name ? parseProxy(env[name]?.trim() ?? '', name) : undefined;
}
function isBypassed({ hostname, port, protocol }, env) {
    const host = hostname.toLowerCase();
    const hosts = [host, `${host}:${port || (protocol === 'https:' ? 443 : 80)}`];
    const entries = (env.no_proxy || env.NO_PROXY || '').toLowerCase().split(/[\s,]+/);
    return entries
        .filter((entry) => entry !== '')
        .some((entry) => {
        const suffix = entry.replace(/^\*?\.?/, '.');
        return entry === '*' || hosts.some((text) => text === entry || text.endsWith(suffix));
    });
}
function parseProxy(text, variable) {
    const [, scheme = 'http', credentials, address = ''] = PROXY_URL.exec(text) ?? [];
    const url = URL.parse(`${scheme.toLowerCase()}://${address}`);
    if (!url?.hostname)
        throw invalidProxy(`${variable} is not a valid proxy URL (expected http://host:port)`);
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
        throw invalidProxy(`${variable} has the scheme ${scheme}, but only http and https proxies are supported`);
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    return {
        isSecure: url.protocol === 'https:',
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port,
        authorization: credentials === undefined ? undefined : toBasicAuthorization(credentials),
        label: `proxy ${url.hostname}:${port} from ${variable}`,
    };
}
function invalidProxy(message) {
    return new errors/* ProxyError */.T6(message, { code: 'PROXY_ADDRESS' });
}
function toBasicAuthorization(credentials) {
    const [user = '', ...password] = credentials.split(':');
    const decoded = [user, password.join(':')].map(decodePercent).join(':');
    return `Basic ${Buffer.from(decoded).toString('base64')}`;
}
function decodePercent(text) {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
        try {
            return decodeURIComponent(encoded);
        }
        catch {
            return encoded;
        }
    });
}


/***/ })

};
