import type { Case } from '../datadog/cases.ts';
import { sentence } from '../errors.ts';
import { pageOf, type Step } from '../step.ts';

/**
 * Links the case in a comment on the pull request, where that was asked for. Never throws: the case stands whatever
 * becomes of this. `failed`: whether this run adds to the count, and may write the first comment.
 */
export async function tellPull(step: Step, known: Case, failed: boolean): Promise<void> {
  const { asked, report, github, about } = step;
  if (!asked.prComment) return;
  if (!github) {
    report.warning('The pull request gets no comment, since the step has no github_token or no repository.');
    return;
  }
  try {
    const { tell } = await import('./comment.ts');
    const pull = asked.prNumber ?? about.pull;
    const told = await tell(github(COMMENTING), asked.githubToken, {
      about,
      known,
      url: pageOf(known, asked),
      failed,
      pull,
    });
    if (told === 'no pull request')
      report.info('No pull request gets a comment, since none belongs to this event or commit.');
    else if (told !== 'no comment') report.told(told.url);
  } catch (error) {
    report.warning(
      `The pull request gets no comment. ${sentence(error)} Commenting takes the permission pull-requests: write, which runs of pull requests from forks never have.`,
    );
  }
}

/** Milliseconds that telling the pull request may take. */
const COMMENTING = 15_000;
