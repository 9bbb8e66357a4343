// Stands in the place of daprd's own file of that package, which ends a program that is built without components.
package components
