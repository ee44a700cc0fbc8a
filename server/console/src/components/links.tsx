import { Anchor, type AnchorProps, Button, type ButtonProps, NavLink, type NavLinkProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type OfAnchor<Props> = Props & Omit<ComponentPropsWithRef<'a'>, keyof Props | 'href'>;

/** Mantine's look on the router's typed links. */
export const TextLink = createLink((props: OfAnchor<AnchorProps>) => <Anchor {...props} />);
export const ButtonLink = createLink((props: OfAnchor<ButtonProps>) => <Button component="a" {...props} />);
export const MenuLink = createLink((props: OfAnchor<NavLinkProps>) => <NavLink component="a" {...props} />);
export const PlainLink = createLink((props: ComponentPropsWithRef<'a'>) => <a {...props} />);
