import { classroom50Host } from './classroom50/host';
import { githubHost } from './github/host';
import { gradescopeHost } from './gradescope/host';
import type { BundledHost, Host } from './host';
import { vscode } from './vscode/host';

/** All hosts. To add one, add a folder and a line here. */
export const hosts: readonly Host[] = [githubHost, classroom50Host, gradescopeHost, vscode];

/** The hosts that grade with a bundle. */
export const bundledHosts: readonly (Host & { readonly bundled: BundledHost })[] = hosts.flatMap((host) =>
  host.bundled ? [{ ...host, bundled: host.bundled }] : [],
);
