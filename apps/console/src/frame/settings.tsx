import { useState, type ReactNode } from 'react';
import { ZoneContext, zones, type Zone } from '../shared/time';
import { createContext, useContext } from 'react';

const STORED = 'console.zone';

const ToggleContext = createContext<() => void>(() => undefined);

export const useToggleZone = (): (() => void) => useContext(ToggleContext);

/** The operator's time zone, kept in this browser. */
export function ZoneProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [zone, setZone] = useState<Zone>(() => zones.find((each) => each === localStorage.getItem(STORED)) ?? zones[0]);
  const toggle = (): void => {
    const next = zone === 'UTC' ? 'Asia/Seoul' : 'UTC';
    localStorage.setItem(STORED, next);
    setZone(next);
  };
  return (
    <ZoneContext value={zone}>
      <ToggleContext value={toggle}>{children}</ToggleContext>
    </ZoneContext>
  );
}
