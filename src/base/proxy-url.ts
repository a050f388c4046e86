/** A proxy's URL in parts: `[scheme://][credentials@]host[:port]`, and anything after a slash. */
interface ProxyUrl {
  readonly scheme: string;
  /** User and password, decoded; `undefined` if the URL has none. */
  readonly credentials: ProxyCredentials | undefined;
  /** Host and port; empty if the text is not such a URL. */
  readonly address: string;
}

export interface ProxyCredentials {
  readonly user: string;
  readonly password: string;
  /** As it is written in the URL. */
  readonly encodedPassword: string;
}

/** The credentials may contain any character. */
const PROXY_URL = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:(.*)@)?([^/?#@]+)(?:(?<!:)[/?#].*)?$/is;

/** Splits the URL of a proxy. The scheme is `http` by default. Never throws. */
export function splitProxyUrl(text: string): ProxyUrl {
  const [, scheme = 'http', credentials, address = ''] = PROXY_URL.exec(text.trim()) ?? [];
  return {
    scheme,
    credentials: credentials === undefined ? undefined : splitCredentials(credentials),
    address,
  };
}

function splitCredentials(credentials: string): ProxyCredentials {
  const [user = '', ...rest] = credentials.split(':');
  const encodedPassword = rest.join(':');
  return { user: decodePercent(user), password: decodePercent(encodedPassword), encodedPassword };
}

/** Decodes percent-encoded characters and keeps every other `%`, which people write in passwords. */
function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
