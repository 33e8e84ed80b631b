package io.jenkins.plugins.remoteaccess.policy;

import java.util.List;

/** What is said about remote access in one place: for all of this Jenkins, for a folder, for an agent. The strictest of them wins. */
public interface Rules {
    /** Whether it is available at all. */
    boolean isEnabled();

    /** User IDs and group names of which one must apply to connect; empty: whoever has the permission. */
    List<String> getAllowedGroups();

    /** User IDs and group names that never connect. */
    List<String> getBarredGroups();

    /** Whether nobody but the user who started the build may connect. */
    boolean isRequesterOnly();

    /** The most a hold may last, all extensions included; 0: nothing is said here. */
    int getMaximumMinutes();

    /** The most builds that may be held at once; 0: nothing is said here. */
    int getMostHolds();

    /** What is forbidden to those who may connect; never null. */
    Restrictions getRestrictions();
}
