using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Data;

/// <summary>Where the program keeps its files: the SQLite database, its backups, the master key, the spill file.</summary>
public sealed class DataDirectoryOptions
{
    public const string Section = "Data";

    /// <summary>A folder, relative to the working directory unless absolute.</summary>
    [Required]
    public string Directory { get; set; } = "data";

    /// <summary>The absolute path of a file below the folder, whose own folder is made if need be: for its owner's eyes only.</summary>
    public string PathOf(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Directory, .. parts]));
        Create(Path.GetFullPath(Directory));
        Create(Path.GetDirectoryName(path)!);
        return path;
    }

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows()) System.IO.Directory.CreateDirectory(folder);
        else System.IO.Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
