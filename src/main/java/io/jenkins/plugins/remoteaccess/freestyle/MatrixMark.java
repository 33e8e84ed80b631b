package io.jenkins.plugins.remoteaccess.freestyle;

import hudson.matrix.MatrixChildAction;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.RemoteAccessMark;

/** The mark of a Matrix build, which Jenkins gives to its configurations' builds as well. */
public final class MatrixMark extends RemoteAccessMark implements MatrixChildAction {
    /** A mark for a build yet to come. */
    public MatrixMark(HoldPlan plan) {
        super(plan);
    }
}
