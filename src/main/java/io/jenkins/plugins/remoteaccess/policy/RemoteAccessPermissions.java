package io.jenkins.plugins.remoteaccess.policy;

import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Item;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** The permissions of the group <em>Remote Access</em>, checked on the build. */
public final class RemoteAccessPermissions {
    private static final Logger LOGGER = Logger.getLogger(RemoteAccessPermissions.class.getName());

    private static final PermissionGroup GROUP =
            new PermissionGroup(RemoteAccessPermissions.class, Messages._RemoteAccessPermissions_title());

    /** To see how to get into a build's endpoint, and to get in: as much as running any command as the build. */
    public static final Permission CONNECT = new Permission(
            GROUP, "Connect", Messages._RemoteAccessPermissions_connect(), Item.CONFIGURE, PermissionScope.RUN);

    /** To start a build anew with remote access; {@link Item#BUILD} is needed as well. */
    public static final Permission REBUILD =
            new Permission(GROUP, "Rebuild", Messages._RemoteAccessPermissions_rebuild(), CONNECT, PermissionScope.RUN);

    /** To see every endpoint, and to extend, end and cut what others hold. */
    public static final Permission MANAGE = new Permission(
            GROUP, "Manage", Messages._RemoteAccessPermissions_manage(), Jenkins.ADMINISTER, PermissionScope.RUN);

    private RemoteAccessPermissions() {}

    /** Loads this class early, so that authorization strategies know the permissions when they read their configuration. */
    @Initializer(after = InitMilestone.PLUGINS_STARTED, before = InitMilestone.EXTENSIONS_AUGMENTED)
    public static void register() {
        LOGGER.fine(() -> "Registered " + GROUP.getPermissions());
    }
}
