package io.jenkins.plugins.remoteaccess.policy;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import hudson.Extension;
import hudson.model.ItemGroup;
import hudson.model.Job;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Narrows remote access in one folder and all that is inside it; a multibranch project is a folder too. */
public final class FolderPolicy extends AbstractFolderProperty<AbstractFolder<?>> {
    private Narrowing narrowing;

    /** Takes nothing away. */
    @DataBoundConstructor
    public FolderPolicy() {}

    /** What is taken away; null for nothing. */
    public Narrowing getNarrowing() {
        return narrowing;
    }

    @DataBoundSetter
    public void setNarrowing(Narrowing narrowing) {
        this.narrowing = narrowing;
    }

    /** The form's part. */
    @Extension(optional = true)
    @Symbol("remoteAccess")
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends AbstractFolderPropertyDescriptor {
        @Override
        public String getDisplayName() {
            return Messages.FolderPolicy_displayName();
        }
    }

    /** Looks at every folder around a job, from the inside out. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class Source implements PolicySource {
        @Override
        public List<Said> of(Job<?, ?> job) {
            List<Said> said = new ArrayList<>();
            ItemGroup<?> group = job.getParent();
            while (group instanceof AbstractFolder<?> folder) {
                FolderPolicy policy = folder.getProperties().get(FolderPolicy.class);
                if (policy != null && policy.getNarrowing() != null) {
                    said.add(new Said(Messages.FolderPolicy_where(folder.getFullName()), policy.getNarrowing()));
                }
                group = folder.getParent();
            }
            return said;
        }
    }
}
