using System.Runtime.Versioning;
using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Tests.Data;

[UnsupportedOSPlatform("windows")]
public sealed class DataDirectoryOptionsTests
{
    [Fact]
    public void PathOf_FolderThatDoesNotExist_IsMadeForItsOwnerAlone()
    {
        using var folder = new TempFolder();
        var data = new DataDirectoryOptions { Directory = Path.Combine(folder.Path, "data") };

        var path = data.PathOf("keys", "master.key");

        Assert.Equal(Path.Combine(data.Directory, "keys", "master.key"), path);
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(ownerOnly, File.GetUnixFileMode(data.Directory));
        Assert.Equal(ownerOnly, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
    }
}
