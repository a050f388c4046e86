import {
  AnswerError,
  HttpError,
  InputError,
  LookupError,
  NetworkError,
  TimeoutError,
  UncertainError,
} from './errors.ts';

/** The entries of the README's part "Troubleshooting" (contract.test.ts finds each of them there). */
export const HELP = {
  inputs: 'Inputs that will not do',
  access: 'Wrong key, missing permission or wrong site',
  project: 'Project not found',
  type: 'Case type not found',
  attribute: 'Custom attribute not found',
  refused: 'Datadog did not accept the case',
  limited: 'Rate limited',
  outage: 'Datadog did not answer',
  unclear: 'An answer that is no case',
  bug: 'Something else went wrong',
} as const;

/** A failure in words for the person who has to do something about it. */
export interface Explanation {
  readonly text: string;
  readonly help: keyof typeof HELP;
  /** Whether a person must fix something; otherwise it may pass by itself. */
  readonly fixable: boolean;
  /** Whether what was asked for may have been done all the same. */
  readonly unsure?: boolean;
}

/** Says what went wrong, in the API's own words where it gave any, and what would cure it. Never throws. */
export function explain(error: unknown): Explanation {
  if (error instanceof InputError) return { text: error.message, help: error.help, fixable: true };
  if (error instanceof LookupError) return explainLookup(error);
  if (error instanceof UncertainError) return explainUncertain(error);
  if (error instanceof HttpError) return explainAnswer(error);
  if (error instanceof NetworkError) return explainNetwork(error);
  if (error instanceof TimeoutError) {
    return {
      text: `${error.message} Raise timeout if Datadog is only slow.`,
      help: 'outage',
      fixable: false,
    };
  }
  if (error instanceof AnswerError) {
    return {
      text: `${error.message} If api_url is set, check that it is a Datadog API.`,
      help: 'unclear',
      fixable: false,
    };
  }
  const words =
    error instanceof Error
      ? `${error.name}: ${error.message}`
      : `Something that is no error was thrown: ${String(error)}`;
  return { text: words, help: 'bug', fixable: true };
}

/** A look-up changes nothing, so no case can have been opened by it. */
function explainLookup({ what, permission, cause }: LookupError): Explanation {
  const { text, ...rest } = explain(cause);
  return {
    text: `${what} could not be looked up. ${text}${permission && ` This look-up takes the permission ${permission}.`}`,
    ...rest,
  };
}

function explainUncertain({ reference, cause }: UncertainError): Explanation {
  const { text, ...rest } = explain(cause);
  return {
    unsure: true,
    text: `${text} The case may exist all the same: search for ${reference} in Datadog before you open it by hand.`,
    ...rest,
  };
}

function explainAnswer(error: HttpError): Explanation {
  const { status, message } = error;
  const text = (cure: string) => `${message}. ${cure}`;
  if (status === 401 || status === 403) {
    return {
      text: text(
        'Check that both keys are valid, that they belong to the site in use (a wrong site looks like a wrong key), and that the application key or token has the permissions cases_write and cases_read.',
      ),
      help: 'access',
      fixable: true,
    };
  }
  if (status === 429) {
    const wait = error.wait === undefined ? '' : ` It asks to wait ${Math.ceil(error.wait / 1000)} s.`;
    return {
      text: text(`Datadog limits how often it may be asked.${wait} Try again later, or raise timeout.`),
      help: 'limited',
      fixable: false,
    };
  }
  if (status >= 500 || status === 408)
    return { text: text("The fault is on Datadog's side."), help: 'outage', fixable: false };
  if (status >= 300 && status < 400) {
    return {
      text: text('Redirects are not followed, since the keys would go along. Check site and api_url.'),
      help: 'access',
      fixable: true,
    };
  }
  if (status === 404) return explainMissing(error);
  return { text: text('Check the inputs against what Datadog says.'), help: 'refused', fixable: true };
}

function explainMissing({ message, complaints }: HttpError): Explanation {
  const said = complaints.map(({ text }) => text).join(' ');
  const keys = complaints.flatMap(({ key }) => key ?? []);
  if (/custom attribute/i.test(said)) {
    const which = keys.length ? ` (${keys.join(', ')})` : '';
    return {
      text: `${message}. The case type has no such custom attribute${which}: check custom_attributes and type_id.`,
      help: 'attribute',
      fixable: true,
    };
  }
  if (/project/i.test(said))
    return {
      text: `${message}. Check project, and that the key may see it.`,
      help: 'project',
      fixable: true,
    };
  if (/type/i.test(said)) {
    return {
      text: `${message}. Check type_id, and that the case type is enabled in the project.`,
      help: 'type',
      fixable: true,
    };
  }
  return {
    text: `${message}. Check project and type_id, and site or api_url.`,
    help: 'refused',
    fixable: true,
  };
}

function explainNetwork(error: NetworkError): Explanation {
  const { code, message } = error;
  if (code.startsWith('PROXY_')) {
    return {
      text: `${message} The proxy in HTTPS_PROXY refused: check its address and sign-in, or list the host in NO_PROXY.`,
      help: 'outage',
      fixable: true,
    };
  }
  if (/CERT|SIGNED|SIGNATURE|TLS/.test(code)) {
    return {
      text: `${message} The certificate is not trusted: behind a proxy that reads traffic, set NODE_EXTRA_CA_CERTS on the runner.`,
      help: 'outage',
      fixable: true,
    };
  }
  if (error.untaken) {
    return {
      text: `${message} Nothing was sent. Check the runner's network, and HTTPS_PROXY if it needs a proxy.`,
      help: 'outage',
      fixable: false,
    };
  }
  return { text: message, help: 'outage', fixable: false };
}

/** Where the README tells more: as a link, where the runner says which repository the action came from. */
export function helpLine(env: Readonly<Record<string, string | undefined>>, help: keyof typeof HELP): string {
  const { GITHUB_ACTION_REPOSITORY: repository, GITHUB_SERVER_URL: server = 'https://github.com' } = env;
  return repository ? `Help: ${server}/${repository}#${anchor(help)}` : `Help: README, "${HELP[help]}"`;
}

/** The anchor that GitHub gives to an entry's heading. */
export function anchor(help: keyof typeof HELP): string {
  return HELP[help]
    .toLowerCase()
    .replaceAll(/[^a-z0-9 ]/g, '')
    .replaceAll(' ', '-');
}
