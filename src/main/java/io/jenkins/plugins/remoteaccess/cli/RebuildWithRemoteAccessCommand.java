package io.jenkins.plugins.remoteaccess.cli;

import hudson.AbortException;
import hudson.Extension;
import hudson.cli.CLICommand;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import io.jenkins.plugins.remoteaccess.hold.HoldPlan;
import io.jenkins.plugins.remoteaccess.hold.Refusal;
import io.jenkins.plugins.remoteaccess.policy.EffectivePolicy;
import io.jenkins.plugins.remoteaccess.rebuild.HoldPlanForm;
import io.jenkins.plugins.remoteaccess.rebuild.Rebuild;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/**
 * {@code rebuild-with-remote-access JOB [BUILD]}: starts a build that does what BUILD (else the last one that has ended) did, and is held;
 * a job that has no build yet gets its first. Prints the address of the queue item, below Jenkins' own. Values of secret parameters
 * are read from the standard input, one a line, in the order in which the job defines them: a command line can be seen by others.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class RebuildWithRemoteAccessCommand extends CLICommand {
    @Argument(index = 0, metaVar = "JOB", required = true, usage = "full name of the job")
    private String job;

    @Argument(
            index = 1,
            metaVar = "BUILD",
            usage = "number of the build to repeat; the last one that has ended if left out")
    private Integer number;

    @Option(name = "-where", metaVar = "WHERE", usage = "failure (default), success, first or stage")
    private String where;

    @Option(
            name = "-stage",
            metaVar = "NAME",
            usage = "the stage before whose first shell step the build is held, with -where stage")
    private String stage;

    @Option(name = "-minutes", metaVar = "N", usage = "how long one hold lasts")
    private String minutes;

    @Option(name = "-allow", metaVar = "NAMES", usage = "users and groups that may connect, separated by commas")
    private String allow;

    @Option(name = "-open", metaVar = "WHEN", usage = "start (default) or held: from when on people can connect")
    private String open;

    @Option(name = "-screen", usage = "the agent's screen as well (VNC)")
    private boolean screen;

    @Override
    public String getShortDescription() {
        return Messages.RebuildWithRemoteAccessCommand_shortDescription();
    }

    @Override
    protected int run() throws IOException {
        Job<?, ?> found = Jenkins.get().getItemByFullName(job, Job.class);
        if (found == null) {
            throw new IllegalArgumentException(Messages.RebuildWithRemoteAccessCommand_noJob(job));
        }
        Rebuild.checkPermission(found);
        try {
            HoldPlan plan = HoldPlanForm.plan(EffectivePolicy.of(found), where, stage, minutes, allow, open, screen);
            Run<?, ?> original = original(found);
            Queue.Item item = original == null
                    ? Rebuild.first(found, plan, List.of())
                    : Rebuild.again(original, plan, secrets(original));
            stdout.println(item.getUrl());
        } catch (Refusal refusal) {
            throw new AbortException(refusal.getMessage());
        }
        return 0;
    }

    private Run<?, ?> original(Job<?, ?> found) {
        Run<?, ?> run = number == null ? found.getLastCompletedBuild() : found.getBuildByNumber(number);
        if (run == null && number != null) {
            throw new IllegalArgumentException(
                    Messages.RebuildWithRemoteAccessCommand_noBuild(found.getFullName(), number.toString()));
        }
        return run;
    }

    private Map<String, String> secrets(Run<?, ?> original) throws IOException {
        Map<String, String> secrets = new LinkedHashMap<>();
        var names = Rebuild.secrets(original);
        if (!names.isEmpty()) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(stdin, StandardCharsets.UTF_8));
            for (String name : names) {
                String line = lines.readLine();
                if (line != null) {
                    secrets.put(name, line);
                }
            }
        }
        return secrets;
    }
}
