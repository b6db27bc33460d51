import { Button, Tooltip, UnstyledButton } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { Link, Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLiveState, type LiveState } from '../gateway/live';
import { may, type Session } from '../gateway/session';
import { useSignOut } from '../gateway/use-session';
import { Shape, type Tone } from '../shared/status';
import { exactTime, useNow, useZone } from '../shared/time';
import { ClientChoice } from './client-choice';
import { Commands } from './commands';
import classes from './frame.module.css';
import { KeyboardHelp } from './keyboard-help';
import { LanguageButton, ThemeButton } from './preferences';
import { screens } from './screens';
import { useToggleZone } from './settings';
import { useShortcuts } from './shortcuts';

/** The menu, the line of instruments, and the screen. */
export function Frame({ session }: { readonly session: Session }): ReactNode {
  const { t } = useTranslation();
  const [helps, setHelps] = useState(false);
  const router = useRouter();
  const toggleZone = useToggleZone();
  useShortcuts({
    z: toggleZone,
    '?': () => setHelps(true),
    '/': () => document.querySelector<HTMLElement>('[data-filter]')?.focus(),
    Escape: () => void goUp(router),
  });
  return (
    <div className={classes.frame}>
      <a href="#main" className="skip-link">
        {t('frame.skip')}
      </a>
      <Menu session={session} />
      <Instruments session={session} onHelp={() => setHelps(true)} />
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <Commands session={session} />
      {helps && <KeyboardHelp onClose={() => setHelps(false)} />}
    </div>
  );
}

/** The part of the router that Escape needs. */
interface Way {
  readonly state: { readonly location: { readonly pathname: string } };
  readonly history: { readonly canGoBack: () => boolean; readonly back: () => void };
  readonly navigate: (options: { readonly to: string }) => Promise<void>;
}

/** From a message to the list. */
async function goUp(router: Way): Promise<void> {
  if (document.activeElement instanceof HTMLElement && document.activeElement !== document.body) {
    document.activeElement.blur();
  }
  const { pathname } = router.state.location;
  const parent = pathname.replace(/\/[^/]+\/?$/, '');
  if (parent === '' || parent === pathname) return;
  if (router.history.canGoBack()) router.history.back();
  else await router.navigate({ to: parent });
}

function Menu({ session }: { readonly session: Session }): ReactNode {
  const { t } = useTranslation();
  const menu = useRef<HTMLElement>(null);
  const screen = useLocation({ select: ({ pathname }) => pathname.split('/')[1] });
  // On a phone the menu is one line that scrolls.
  useEffect(() => {
    menu.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [screen]);
  return (
    <nav ref={menu} className={classes.menu} aria-label={t('frame.screens')}>
      <span className={classes.product}>{t('frame.product')}</span>
      {screens
        .filter(({ scope }) => may(session, scope))
        .map(({ name, path }) => (
          <Link key={name} to={path} className={classes.item ?? ''} activeProps={{ className: classes.current ?? '' }}>
            {t(`frame.${name}`)}
          </Link>
        ))}
      <span className={classes.elsewhere}>
        <a className={classes.item} href="/docs">
          {t('frame.docs')}
        </a>
        {may(session, 'admin') && session.client === DEFAULT_CLIENT && (
          <a className={classes.item} href="/queues">
            {t('frame.queues')}
          </a>
        )}
      </span>
    </nav>
  );
}

/** Its administrators administer the whole gateway. */
const DEFAULT_CLIENT = 'default';

const TONE_OF_LIVE: Readonly<Record<LiveState, Tone>> = { live: 'good', connecting: 'waiting', away: 'aside' };

function Instruments({ session, onHelp }: { readonly session: Session; readonly onHelp: () => void }): ReactNode {
  const { t } = useTranslation();
  const live = useLiveState();
  const leave = useSignOut();
  return (
    <header className={classes.instruments}>
      <UnstyledButton className={classes.search} onClick={spotlight.open}>
        {t('frame.search')} <kbd>Ctrl K</kbd>
      </UnstyledButton>
      <div className="row">
        <Tooltip label={t(`frame.liveHint.${live}`)}>
          <span className="row" style={{ gap: 5 }} tabIndex={0}>
            <Shape tone={TONE_OF_LIVE[live]} />
            {t(`frame.live.${live}`)}
          </span>
        </Tooltip>
        <Clock />
        <ClientChoice session={session} />
        <LanguageButton />
        <ThemeButton />
        <Button variant="subtle" color="gray" c="var(--ink-dim)" onClick={onHelp} aria-label={t('frame.helpOpen')}>
          ?
        </Button>
        <Button variant="default" onClick={leave}>
          {t('frame.signOut')}
        </Button>
      </div>
    </header>
  );
}

/** The gateway's clock, not the browser's. */
function Clock(): ReactNode {
  const { t } = useTranslation();
  const zone = useZone();
  const toggle = useToggleZone();
  const at = useNow();
  return (
    <Tooltip label={t('frame.zone', { zone })}>
      <UnstyledButton className={classes.clock} onClick={toggle} fz="inherit">
        <time dateTime={new Date(at).toISOString()}>{exactTime(at, zone).slice(11)}</time>{' '}
        <span className="dim">{zone === 'UTC' ? 'UTC' : 'KST'}</span>
      </UnstyledButton>
    </Tooltip>
  );
}
